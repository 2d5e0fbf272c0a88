using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Definitions;

namespace GrainKube.ApiServer.Discovery;

/// <summary>A version of a group.</summary>
/// <param name="Version">Its name.</param>
/// <param name="Definitions">The kinds that this server serves in it, by name; none where another server has it.</param>
/// <param name="Elsewhere">What the other server says of it, as an entry of the aggregated document.</param>
internal sealed record ServedGroupVersion(string Version, IReadOnlyList<ResourceDefinition> Definitions, JsonObject? Elsewhere = null);
