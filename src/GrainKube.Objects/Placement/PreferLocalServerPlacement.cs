namespace GrainKube.Objects.Placement;

/// <summary>See <see cref="PreferLocalServerAttribute"/>.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking]
[Alias("GrainKube.PreferLocalServerPlacement")]
public sealed class PreferLocalServerPlacement : PlacementStrategy;
