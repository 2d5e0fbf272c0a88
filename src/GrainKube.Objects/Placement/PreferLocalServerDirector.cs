using GrainKube.ApiMachinery.Errors;
using Orleans.Runtime.Placement;

namespace GrainKube.Objects.Placement;

/// <summary>The caller's silo if it is a server that knows the grain, otherwise a random server.</summary>
internal sealed class PreferLocalServerDirector(ServerSilos servers) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var compatible = context.GetCompatibleSilos(target);
        if (!context.LocalSiloStatus.IsTerminating() && Array.IndexOf(compatible, context.LocalSilo) >= 0 && servers.IsServer(context.LocalSilo))
        {
            return Task.FromResult(context.LocalSilo);
        }

        var candidates = Array.FindAll(compatible, servers.IsServer);
        return candidates.Length > 0
            ? Task.FromResult(candidates[Random.Shared.Next(candidates.Length)])
            : throw ApiException.ServiceUnavailable("no server of the cluster is available");
    }
}
