using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;
using GrainKube.Resources.Schemas;
using k8s.Models;

namespace GrainKube.Resources.Core.Events;

/// <summary>Events of both groups: <c>events.k8s.io</c> serves what the core group stores.</summary>
internal sealed class EventDefinition : BuiltInDefinition<Corev1Event>
{
    private static readonly string[] ReferenceFields = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

    public EventDefinition()
        : base(ResourceNames.InNamespace("", "v1", "events", "Event", "ev"))
    {
        CreatesOnUpdate = true;
        NameFormat = NameFormat.PathSegment; // of those made through events.k8s.io more is asked
        TimeToLive = TimeSpan.FromHours(1);
        Uses(new EventColumns());
        Uses(new EventValidator());
        foreach (var field in ReferenceFields)
        {
            Selects("involvedObject." + field);
            Selects("regarding." + field, FieldPath.Reader("involvedObject." + field));
        }

        Selects("reason");
        Selects("type");
        Selects("reportingComponent");
        Selects("reportingController", FieldPath.Reader("reportingComponent"));
        Selects("source", Source());
    }

    public override void Validate(ServedVersion served, JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings)
    {
        base.Validate(served, next, current, subresource, errors, warnings);
        // Clients of old are asked for less. What was made may be changed in either group: upstream means to forbid it and does not, and its clients patch notes.
        if (served.Group == "events.k8s.io" && current is null)
        {
            EventValidator.ValidateNewStyle(TypedView.Of<Corev1Event>(next), errors);
        }
    }

    protected override IReadOnlyList<ServedVersion> OtherVersions() =>
    [
        new ServedVersion("events.k8s.io", "v1", ModelSchemas.For<Eventsv1Event>) { ToStorage = EventConversion.ToCore, FromStorage = EventConversion.FromCore },
    ];

    private static Func<KubeObject, string> Source()
    {
        var (component, controller) = (FieldPath.Reader("source.component"), FieldPath.Reader("reportingComponent"));
        return item => component(item) is { Length: > 0 } source ? source : controller(item);
    }
}
