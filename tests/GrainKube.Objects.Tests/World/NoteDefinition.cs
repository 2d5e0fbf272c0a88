using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;
using GrainKube.ApiMachinery.Objects;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Objects.Tests.World;

/// <summary>The plainest of kinds: namespaced data in the core group, created by a PUT too, with the model of a ConfigMap.</summary>
internal sealed class NoteDefinition : ResourceDefinition
{
    public static readonly GroupResource Resource = new("", "notes");

    public NoteDefinition()
        : base(ResourceNames.InNamespace("", "v1", "notes", "Note"))
    {
        CreatesOnUpdate = true;
        ReturnsDeletedObject = true;
        AllowsUnconditionalUpdate = false;
    }

    public override IReadOnlyList<ServedVersion> Versions { get; } = [new ServedVersion("", "v1", () => TestSchemas.Kind("v1.Note", ("data", TestSchemas.Strings)))];

    public override Type Model => typeof(V1ConfigMap);

    public override void Validate(JsonObject next, StoredObject? current, string subresource, FieldErrors errors, IList<string> warnings) { }
}
