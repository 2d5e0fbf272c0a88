namespace GrainKube.Linearizability.Tests.History;

/// <summary>A value of an object and the revision that made it.</summary>
internal readonly record struct ItemVersion(string Value, long Revision);
