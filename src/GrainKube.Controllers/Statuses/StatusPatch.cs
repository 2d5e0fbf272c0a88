using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.Statuses;

/// <summary>Writes the fields of a status that a controller owns, as a merge patch: what others wrote beside them stays.</summary>
internal static class StatusPatch
{
    /// <summary>True where the object's status differs from what the fields say; a null field means it is to be absent.</summary>
    public static bool Changes(KubeObject item, JsonObject fields)
    {
        var current = item.ToNode()["status"] as JsonObject;
        return fields.Any(f => !JsonNode.DeepEquals(current?[f.Key], f.Value));
    }

    /// <summary>An object that has gone, or was made anew meanwhile, is no error: its own events follow.</summary>
    public static async Task WriteAsync(KubeObject item, JsonObject fields, ReconcileContext context, CancellationToken cancel)
    {
        try
        {
            await context.Objects.PatchAsync(item.Key, new JsonObject { ["status"] = fields }, "status", new Preconditions(item.Header.Uid), cancel);
        }
        catch (ApiException gone) when (gone.Status.Code == 404 || (gone.Status.Code == 409 && gone.Status.Reason == "Conflict"))
        {
        }
    }
}
