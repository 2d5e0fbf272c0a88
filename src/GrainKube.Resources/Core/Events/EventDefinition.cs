using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
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
