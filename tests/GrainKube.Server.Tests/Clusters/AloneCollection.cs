namespace GrainKube.Server.Tests.Clusters;

/// <summary>Tests that hold how long things take: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}
