using GrainKube.ApiMachinery.Errors;
using GrainKube.Objects.Cache;
using GrainKube.Objects.Nodes;
using k8s.Models;

namespace GrainKube.Controllers.PersistentVolumes;

/// <summary>Removes what <c>hostPath</c> volumes hold, on every node that they may have been used on. Nodes that are no silo of ours have no disk that could be reached.</summary>
internal sealed class HostPathRemoval(WatchCache cache, IGrainFactory grains)
{
    /// <exception cref="ApiException">A node could not remove it, or none could be asked.</exception>
    public async Task RemoveAsync(V1PersistentVolume volume)
    {
        ApiException? unreachable = null;
        var answers = 0;
        foreach (var node in VolumeNodes.Of(volume, cache))
        {
            try
            {
                await grains.GetGrain<IKubeletGrain>(node.Header.Name).RemoveHostPathAsync(volume.Spec.HostPath.Path);
                answers++;
            }
            catch (ApiException away) when (away.Status.Code == 503)
            {
                unreachable = away;
            }
        }

        if (answers == 0 && unreachable is not null)
        {
            throw unreachable;
        }
    }
}
