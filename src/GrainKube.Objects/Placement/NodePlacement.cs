namespace GrainKube.Objects.Placement;

/// <summary>See <see cref="NodePlacementAttribute"/>.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking]
[Alias("GrainKube.NodePlacement")]
public sealed class NodePlacement : PlacementStrategy;
