namespace GrainKube.Objects.Writes.Outside;

/// <summary>The object was written by somebody else while outside admission was asked: nothing was committed, and the write is to be prepared again.</summary>
[GenerateSerializer]
[Alias("GrainKube.StalePreparationException")]
public sealed class StalePreparationException(string key) : Exception($"{key} has changed since the write was prepared")
{
    [Id(0)] public string Key { get; } = key;
}
