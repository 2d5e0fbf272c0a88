namespace GrainKube.Objects.Writes;

/// <summary>The writer's epoch has passed to somebody else (see <see cref="WriterFence"/>): nothing was written, and nothing more will be under this fence.</summary>
[GenerateSerializer]
[Alias("GrainKube.FenceBrokenException")]
public sealed class FenceBrokenException(string key) : Exception($"The epoch at {key} was taken by another writer")
{
    [Id(0)] public string Key { get; } = key;
}
