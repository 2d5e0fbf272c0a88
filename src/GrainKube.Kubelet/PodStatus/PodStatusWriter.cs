using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Errors;
using GrainKube.Kubelet.Pods;
using GrainKube.Objects.Writes;

namespace GrainKube.Kubelet.PodStatus;

/// <summary>Writes a pod's status, and only where it differs.</summary>
internal static class PodStatusWriter
{
    /// <param name="pod">The pod.</param>
    /// <param name="ended">Nothing of it runs and nothing will.</param>
    /// <param name="cancel">Stops waiting.</param>
    public static async Task WriteAsync(PodContext pod, bool ended, CancellationToken cancel)
    {
        var current = pod.CurrentStatus();
        var wanted = PodStatusBuilder.Build(new PodStatusInput
        {
            Situation = pod.Situation(),
            Plan = pod.Plan,
            Current = current,
            Generation = pod.Object.Header.Generation,
            RuntimeName = pod.Node.RuntimeName,
            HostIp = pod.Node.Options.NodeIp,
            StartTime = pod.Memory.StartTime ?? pod.Now,
            TerminationMessages = pod.Memory.TerminationMessages,
            Ended = ended,
            Resize = pod.Memory.Resize,
            Resizing = pod.Memory.Resizing,
            Granted = pod.Memory.Granted,
            End = pod.Memory.End,
        });
        if (StatusDifference.Between(current, wanted) is not { } patch)
        {
            return;
        }

        var text = wanted.ToJsonString();
        if (pod.Memory.Written == (text, pod.Object.Revision))
        {
            return;
        }

        // Lists are replaced as a whole: what others put into the conditions must not be lost, so the revision has to stand.
        var preconditions = new Preconditions(pod.Object.Header.Uid, patch.ContainsKey("conditions") ? pod.Object.Revision : null);
        try
        {
            var written = await pod.Node.View.PatchAsync(pod.Object.Key, new JsonObject { ["status"] = patch }, "status", preconditions, cancel);
            pod.Memory.Written = (text, written.Revision);
            pod.Update(written);
        }
        catch (ApiException missed) when (missed.Status.Code is 404 or 409)
        {
            // Somebody else wrote first or the pod is gone: the change wakes the worker, which decides again from what is then there.
            pod.Memory.Written = ("", 0);
            throw new StaleStatusException(missed);
        }
    }
}

/// <summary>The pod changed under the kubelet; look again.</summary>
internal sealed class StaleStatusException(Exception cause) : Exception("The pod changed while its status was written", cause);
