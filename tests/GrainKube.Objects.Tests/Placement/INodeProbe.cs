namespace GrainKube.Objects.Tests.Placement;

/// <summary>Says on which silo it lives.</summary>
[Alias("test.node-probe")]
public interface INodeProbe : IGrainWithStringKey
{
    [Alias("where")]
    Task<string> WhereAsync();
}
