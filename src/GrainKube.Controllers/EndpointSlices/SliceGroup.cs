namespace GrainKube.Controllers.EndpointSlices;

/// <summary>Endpoints that may share a slice: of one address type, with the same ports.</summary>
/// <param name="AddressType"><c>IPv4</c> or <c>IPv6</c>.</param>
/// <param name="Ports">Ports of each of them; may be empty.</param>
/// <param name="Endpoints">No two of the same identity.</param>
internal sealed record SliceGroup(string AddressType, IReadOnlyList<SlicePort> Ports, IReadOnlyList<SliceEndpoint> Endpoints);
