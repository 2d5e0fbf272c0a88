namespace GrainKube.ApiServer.Health;

/// <summary>One thing that <c>/readyz</c> (and, where it says so, <c>/livez</c>) asks.</summary>
public interface IHealthProbe
{
    /// <summary>As it is listed by <c>?verbose</c> and reached by <c>/readyz/NAME</c>.</summary>
    string Name { get; }

    /// <summary>True where a restart of the process is the cure: <c>/livez</c> asks it too.</summary>
    bool IsLiveness { get; }

    /// <summary>Returns quietly when all is well, and throws when not.</summary>
    ValueTask CheckAsync(CancellationToken cancel);
}
