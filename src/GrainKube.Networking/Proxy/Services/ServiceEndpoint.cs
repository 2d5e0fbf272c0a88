namespace GrainKube.Networking.Proxy.Services;

/// <summary>Somewhere that a service's packets may go.</summary>
/// <param name="Address">IPv4 address.</param>
/// <param name="Port">Port there.</param>
/// <param name="IsLocal">It is on this node.</param>
internal readonly record struct ServiceEndpoint(string Address, int Port, bool IsLocal);
