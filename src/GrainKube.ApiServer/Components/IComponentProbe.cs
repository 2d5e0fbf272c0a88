namespace GrainKube.ApiServer.Components;

/// <summary>Asks how one of the components does that <c>componentstatuses</c> lists.</summary>
public interface IComponentProbe
{
    /// <summary>As it is listed, for example <c>scheduler</c>.</summary>
    string Name { get; }

    /// <summary>Returns quietly when all is well, and throws when not.</summary>
    ValueTask CheckAsync(CancellationToken cancel);
}
