namespace GrainKube.ApiServer.Health;

/// <summary>One thing that is asked by <c>/readyz</c>, <c>/healthz</c> and <c>/livez</c>, or by some of them.</summary>
public interface IHealthProbe
{
    /// <summary>As it is listed by <c>?verbose</c> and reached by <c>/readyz/NAME</c>.</summary>
    string Name { get; }

    ProbeScope Scope => ProbeScope.Everywhere;

    /// <summary>Returns quietly when all is well, and throws when not.</summary>
    ValueTask CheckAsync(CancellationToken cancel);
}
