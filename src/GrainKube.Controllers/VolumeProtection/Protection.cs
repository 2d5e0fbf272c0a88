using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;

namespace GrainKube.Controllers.VolumeProtection;

/// <summary>Puts a finalizer on an object or takes it away.</summary>
internal static class Protection
{
    /// <remarks>An object that changed meanwhile is looked at again because of that.</remarks>
    public static async Task SetAsync(KubeObject item, string finalizer, bool wanted, ReconcileContext context, CancellationToken cancel)
    {
        if (item.Header.Finalizers.Contains(finalizer) == wanted)
        {
            return;
        }

        var finalizers = wanted ? item.Header.Finalizers.Append(finalizer) : item.Header.Finalizers.Where(f => f != finalizer);
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray([.. finalizers.Select(f => JsonValue.Create(f))]) } };
        try
        {
            await context.Objects.PatchAsync(item.Key, patch, "", new Preconditions(item.Header.Uid, item.Revision), cancel);
        }
        catch (ApiException changed) when (changed.Status.Code is 404 or 409)
        {
        }
    }
}
