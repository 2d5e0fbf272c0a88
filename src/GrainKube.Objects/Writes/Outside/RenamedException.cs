namespace GrainKube.Objects.Writes.Outside;

/// <summary>Admission has given a new object another name than that of the grain which is making it: nothing was committed, and the write belongs to another grain.</summary>
[GenerateSerializer]
[Alias("GrainKube.RenamedException")]
public sealed class RenamedException(string name, byte[] admitted) : Exception($"The object is called {name} now")
{
    [Id(0)] public string Name { get; } = name;

    /// <summary>The object as admission has made it, in the storage version.</summary>
    [Id(1)] public byte[] Admitted { get; } = admitted;
}
