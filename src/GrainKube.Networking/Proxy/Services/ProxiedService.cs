using System.Collections.Immutable;

namespace GrainKube.Networking.Proxy.Services;

/// <summary>A Service as the proxy serves it.</summary>
/// <param name="Name">Which.</param>
/// <param name="Ports">Its ports; none where it is gone, headless, an ExternalName or another proxy's.</param>
/// <param name="Health">What its health check port is to say; null where it has none.</param>
internal sealed record ProxiedService(ServiceName Name, ImmutableArray<ServicePort> Ports, ServiceHealth? Health = null);
