using System.Text.Json;
using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.Apps.ControllerRevisions;

/// <summary>A revision may move in its history; what it remembers never changes.</summary>
internal sealed class ControllerRevisionValidator : IValidator<V1ControllerRevision>
{
    public void Validate(V1ControllerRevision item, FieldErrors errors)
    {
        if (item.Data is null)
        {
            errors.At("data").Required("data is mandatory");
        }

        errors.At("revision").NotNegative(item.Revision);
    }

    public void ValidateUpdate(V1ControllerRevision next, V1ControllerRevision current, FieldErrors errors)
    {
        Validate(next, errors);
        if (!JsonNode.DeepEquals(Json(next.Data), Json(current.Data)))
        {
            errors.At("data").Invalid(next.Data, "field is immutable");
        }
    }

    private static JsonNode? Json(object? data) => JsonSerializer.SerializeToNode(data);
}
