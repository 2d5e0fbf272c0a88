using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.Statuses;

/// <summary>Writes the fields of a status that a controller owns, as a merge patch: what others wrote beside them stays.</summary>
internal static class StatusPatch
{
    private const int Tries = 5;

    /// <summary>A number as upstream writes it where zero is left out.</summary>
    public static JsonNode? Count(int count) => count == 0 ? null : count;

    /// <summary>True where the object's status differs from what the fields say; a null field means it is to be absent.</summary>
    public static bool Changes(KubeObject item, JsonObject fields)
    {
        var current = item.ToNode()["status"] as JsonObject;
        return fields.Any(f => !JsonNode.DeepEquals(current?[f.Key], f.Value));
    }

    /// <summary>
    /// Writes fields that others write too, such as the conditions of pods: computed from the version they replace, and again where somebody was faster.
    /// </summary>
    /// <param name="item">The object as it was read.</param>
    /// <param name="fields">What the status of this version is to say; null where nothing is left to do.</param>
    /// <param name="context">What to work with.</param>
    /// <param name="cancel">Stops trying.</param>
    public static async Task WriteSharedAsync(KubeObject item, Func<KubeObject, JsonObject?> fields, ReconcileContext context, CancellationToken cancel)
    {
        for (var attempt = 1; fields(item) is { } wanted && Changes(item, wanted); attempt++)
        {
            try
            {
                await context.Objects.PatchAsync(item.Key, new JsonObject { ["status"] = wanted }, "status", new Preconditions(item.Header.Uid, item.Revision), cancel);
                return;
            }
            catch (ApiException gone) when (gone.Status.Code == 404)
            {
                return;
            }
            catch (ApiException changed) when (changed.Status.Code == 409 && attempt < Tries)
            {
                await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
                if (context.Objects.Get(item.Key) is not { } now || now.Header.Uid != item.Header.Uid)
                {
                    return;
                }

                item = now;
            }
        }
    }

    /// <summary>
    /// Writes those of the fields that differ from the object as it was read: what others wrote to the rest meanwhile stays. An object that has gone, or was made anew meanwhile,
    /// is no error: its own changes follow.
    /// </summary>
    /// <param name="item">The object as it was read.</param>
    /// <param name="fields">What its status is to say; a null takes a field away.</param>
    /// <param name="context">What to work with.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <param name="ifUnchanged">Nothing is written where the object changed since it was read.</param>
    public static async Task WriteAsync(KubeObject item, JsonObject fields, ReconcileContext context, CancellationToken cancel, bool ifUnchanged = false)
    {
        var current = item.ToNode()["status"] as JsonObject;
        var changed = new JsonObject(fields.Where(f => !JsonNode.DeepEquals(current?[f.Key], f.Value)).Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
        try
        {
            await context.Objects.PatchAsync(item.Key, new JsonObject { ["status"] = changed }, "status", new Preconditions(item.Header.Uid, ifUnchanged ? item.Revision : null), cancel);
        }
        catch (ApiException gone) when (gone.Status.Code == 404 || (gone.Status.Code == 409 && gone.Status.Reason == "Conflict"))
        {
        }
    }
}
