namespace GrainKube.Objects.Placement;

[AttributeUsage(AttributeTargets.Class)]
public sealed class PreferLocalServerAttribute : Attribute;
