namespace GrainKube.ApiServer.Health;

/// <summary>How far the start of this process is.</summary>
public sealed class StartProgress
{
    private volatile bool isDone;

    /// <summary>The watch cache is loaded, the objects that every cluster has are there, and what is served is known.</summary>
    public bool IsDone => isDone;

    public void Complete() => isDone = true;
}
