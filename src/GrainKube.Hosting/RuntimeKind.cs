namespace GrainKube.Hosting;

/// <summary>What runs containers.</summary>
public enum RuntimeKind
{
    Docker,

    /// <summary>Nothing is run; pods only pretend.</summary>
    Simulated,
}
