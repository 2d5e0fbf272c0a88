namespace GrainKube.ApiMachinery.Cel.Values;

/// <summary>A value that an extension library brings, with a type of its own.</summary>
public abstract class CelOpaque
{
    public abstract CelType Type { get; }

    public abstract bool Same(CelOpaque other);
}
