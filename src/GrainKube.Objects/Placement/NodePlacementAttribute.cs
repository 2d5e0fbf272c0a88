using Orleans.Placement;

namespace GrainKube.Objects.Placement;

/// <summary>Places a grain on the silo whose name is the grain's key: what belongs to a node lives on that node.</summary>
/// <remarks>While no such silo is in the cluster, calls fail with a 503 <see cref="GrainKube.ApiMachinery.Errors.ApiException"/>.</remarks>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NodePlacementAttribute() : PlacementAttribute(new NodePlacement());
