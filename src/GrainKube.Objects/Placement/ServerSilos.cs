using Orleans.Runtime.MembershipService.SiloMetadata;

namespace GrainKube.Objects.Placement;

/// <summary>Tells servers, which have the store and host the control plane's grains, from agents. A silo is a server unless its metadata says otherwise.</summary>
internal sealed class ServerSilos(ISiloMetadataCache? metadata = null)
{
    /// <summary>Key of the silo metadata.</summary>
    public const string RoleKey = "grainkube.role";

    /// <summary>The value of <see cref="RoleKey"/> on silos that only run a node.</summary>
    public const string Agent = "agent";

    public bool IsServer(SiloAddress silo) =>
        metadata?.GetSiloMetadata(silo).Metadata.TryGetValue(RoleKey, out var role) != true || role != Agent;
}
