namespace GrainKube.Networking.Proxy.Services;

/// <summary>Where this proxy is: what endpoints are told apart by.</summary>
/// <param name="NodeName">Name of the node.</param>
/// <param name="Zone">Its label <c>topology.kubernetes.io/zone</c>; empty where it has none.</param>
internal sealed record NodePlace(string NodeName, string Zone);
