namespace GrainKube.Hosting;

/// <summary>Where the silos of a cluster find each other.</summary>
public enum ClusteringKind
{
    /// <summary>One process is the cluster.</summary>
    Localhost,

    /// <summary>A membership table in the shared store.</summary>
    Store,
}
