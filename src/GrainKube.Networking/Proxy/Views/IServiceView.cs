using GrainKube.ApiMachinery.Objects;
using GrainKube.Networking.Proxy.Services;

namespace GrainKube.Networking.Proxy.Views;

/// <summary>The services of the cluster as a node sees them: the watch cache on a server, later a stream on an agent.</summary>
internal interface IServiceView : IDisposable
{
    /// <summary>Where the node is.</summary>
    NodePlace Place { get; }

    /// <summary>The IPv4 ranges that services take addresses from, none within another.</summary>
    IReadOnlyList<string> Ranges { get; }

    /// <summary>Begins to take note of changes. Completes when everything written before can be seen.</summary>
    Task StartAsync(CancellationToken cancel);

    /// <summary>All services there are, and all that slices speak of.</summary>
    IReadOnlyCollection<ServiceName> All();

    /// <summary>The services of which something changed since the last call.</summary>
    IReadOnlyCollection<ServiceName> TakeChanged();

    /// <summary>Completes when there is something to take, or the ranges have changed.</summary>
    Task WaitAsync(CancellationToken cancel);

    /// <summary>The Service as it is now, or null.</summary>
    KubeObject? Service(ServiceName name);

    /// <summary>Its EndpointSlices as they are now.</summary>
    IEnumerable<KubeObject> Slices(ServiceName name);
}
