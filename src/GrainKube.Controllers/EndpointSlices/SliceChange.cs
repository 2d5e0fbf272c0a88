namespace GrainKube.Controllers.EndpointSlices;

/// <summary>What a slice is to hold.</summary>
/// <param name="Existing">The slice to change; null for a new one.</param>
/// <param name="AddressType">Never changes.</param>
/// <param name="Ports">All of them.</param>
/// <param name="Endpoints">All of them.</param>
internal sealed record SliceChange(SliceContent? Existing, string AddressType, IReadOnlyList<SlicePort> Ports, IReadOnlyList<SliceEndpoint> Endpoints);
