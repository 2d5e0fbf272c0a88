namespace GrainKube.Networking.Proxy.Services;

/// <summary>What a load balancer asks this node about a Service with <c>externalTrafficPolicy: Local</c>.</summary>
/// <param name="Port"><c>spec.healthCheckNodePort</c>.</param>
/// <param name="LocalEndpoints">Ready endpoints on this node.</param>
internal sealed record ServiceHealth(int Port, int LocalEndpoints);
