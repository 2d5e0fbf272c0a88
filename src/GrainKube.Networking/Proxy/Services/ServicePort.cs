using System.Collections.Immutable;

namespace GrainKube.Networking.Proxy.Services;

/// <summary>One port of one Service with all its addresses and the endpoints that each kind of traffic is to reach: what a backend makes rules of.</summary>
internal sealed record ServicePort
{
    public required ServiceName Service { get; init; }

    /// <summary>Name of the port; empty where the only one has none.</summary>
    public required string Name { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</summary>
    public required string Protocol { get; init; }

    public required string ClusterIp { get; init; }

    public required int Port { get; init; }

    /// <summary>Zero where there is none.</summary>
    public int NodePort { get; init; }

    /// <summary>Addresses of <c>spec.externalIPs</c>.</summary>
    public ImmutableArray<string> ExternalIps { get; init; } = [];

    /// <summary>Addresses that a load balancer gave, those it terminates itself (<c>ipMode: Proxy</c>) left out.</summary>
    public ImmutableArray<string> LoadBalancerIps { get; init; } = [];

    /// <summary>Who may use <see cref="LoadBalancerIps"/>; empty means everybody.</summary>
    public ImmutableArray<string> LoadBalancerSources { get; init; } = [];

    /// <summary>How long a client sticks to its endpoint, in seconds; null where it does not.</summary>
    public int? AffinitySeconds { get; init; }

    /// <summary><c>internalTrafficPolicy: Local</c>.</summary>
    public bool IsInternalLocal { get; init; }

    /// <summary><c>externalTrafficPolicy: Local</c>.</summary>
    public bool IsExternalLocal { get; init; }

    /// <summary>The endpoints where the policy is Cluster.</summary>
    public ImmutableArray<ServiceEndpoint> Cluster { get; init; } = [];

    /// <summary>The endpoints where the policy is Local.</summary>
    public ImmutableArray<ServiceEndpoint> Local { get; init; } = [];

    /// <summary>There are endpoints somewhere: where a policy leaves none of them, packets are dropped; where there are none at all, they are refused.</summary>
    public bool HasEndpoints { get; init; }

    /// <summary>It can be reached by something else than its cluster address.</summary>
    public bool IsExternal => NodePort > 0 || !ExternalIps.IsEmpty || !LoadBalancerIps.IsEmpty;

    /// <summary>What its cluster address leads to.</summary>
    public ImmutableArray<ServiceEndpoint> Internal => IsInternalLocal ? Local : Cluster;

    /// <summary>What all its other addresses lead to, for traffic from outside.</summary>
    public ImmutableArray<ServiceEndpoint> External => IsExternalLocal ? Local : Cluster;

    /// <summary>Every address but the cluster's that is claimed on all nodes.</summary>
    public IEnumerable<string> ExternalAddresses => ExternalIps.Concat(LoadBalancerIps).Distinct();

    public override string ToString() => $"{Service}:{Protocol}/{(Name.Length > 0 ? Name : Port)}";
}
