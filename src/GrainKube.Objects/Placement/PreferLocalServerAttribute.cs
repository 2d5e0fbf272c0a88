using Orleans.Placement;

namespace GrainKube.Objects.Placement;

/// <summary>Places a grain on a server silo: the caller's own where that is one, otherwise any. Agents never host such grains.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PreferLocalServerAttribute() : PlacementAttribute(new PreferLocalServerPlacement());
