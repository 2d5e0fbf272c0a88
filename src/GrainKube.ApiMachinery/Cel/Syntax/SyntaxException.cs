namespace GrainKube.ApiMachinery.Cel.Syntax;

/// <summary>Ends the reading of a text at its first error; <see cref="CelCompileException"/> carries it to the outside.</summary>
internal sealed class SyntaxException(int position, string message) : Exception(message)
{
    public int Position { get; } = position;
}
