using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.Discovery;

/// <summary>A version of a group with the kinds that it serves, by name.</summary>
internal sealed record ServedGroupVersion(string Version, IReadOnlyList<ResourceDefinition> Definitions);
