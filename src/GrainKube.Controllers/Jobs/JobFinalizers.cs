using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.ApiMachinery.Objects;
using GrainKube.Objects.Writes;
using GrainKube.Resources.Batch.Jobs;

namespace GrainKube.Controllers.Jobs;

/// <summary>Takes the finalizer from pods that have been accounted for.</summary>
internal static class JobFinalizers
{
    private const int Tries = 8;
    private const int AtOnce = 32;

    public static async Task RemoveAsync(IEnumerable<KubeObject> pods, ReconcileContext context, CancellationToken cancel)
    {
        foreach (var some in pods.Chunk(AtOnce))
        {
            await Task.WhenAll(some.Select(p => RemoveAsync(p, context, cancel)));
        }
    }

    /// <summary>The list is replaced as a whole, so it rests on the version that was read; kubelets write pods often, so it is tried again.</summary>
    public static async Task RemoveAsync(KubeObject pod, ReconcileContext context, CancellationToken cancel)
    {
        for (var attempt = 1; pod.Header.Finalizers.Contains(JobNames.Finalizer); attempt++)
        {
            try
            {
                var left = pod.Header.Finalizers.Where(f => f != JobNames.Finalizer).Select(f => (JsonNode)f).ToArray();
                var patch = new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = left.Length == 0 ? null : new JsonArray(left) } };
                await context.Objects.PatchAsync(pod.Key, patch, "", new Preconditions(pod.Header.Uid, pod.Revision), cancel);
                return;
            }
            catch (ApiException gone) when (gone.Status.Code == 404)
            {
                return;
            }
            catch (ApiException changed) when (changed.Status.Code == 409 && attempt < Tries)
            {
                await context.Objects.Cache.WaitUntilCurrentAsync(cancel);
                if (context.Objects.Get(pod.Key) is not { } now || now.Header.Uid != pod.Header.Uid)
                {
                    return;
                }

                pod = now;
            }
        }
    }
}
