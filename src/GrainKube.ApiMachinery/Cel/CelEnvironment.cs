using System.Diagnostics.CodeAnalysis;
using GrainKube.ApiMachinery.Cel.Checking;
using GrainKube.ApiMachinery.Cel.Library;

namespace GrainKube.ApiMachinery.Cel;

/// <summary>What an expression may name: variables with their types, and all functions of the language and of Kubernetes. Immutable, thread safe; make one and keep it.</summary>
public sealed class CelEnvironment
{
    private static readonly FunctionTable AllFunctions = Libraries.Create();

    private static readonly Dictionary<string, CelType> Types = new[]
    {
        CelType.Bool, CelType.Int, CelType.Uint, CelType.Double, CelType.String, CelType.Bytes, CelType.Null, CelType.Timestamp, CelType.Duration,
        CelType.ListOf(CelType.Dyn), CelType.MapOf(CelType.Dyn, CelType.Dyn), CelType.TypeOf(CelType.Dyn), CelType.OptionalOf(CelType.Dyn), CelType.Dyn,
        CelType.Opaque("kubernetes.Quantity"), CelType.Opaque("kubernetes.URL"), CelType.Opaque("kubernetes.Semver"), CelType.Opaque("net.IP"), CelType.Opaque("net.CIDR"),
    }.ToDictionary(t => t.Name);

    private readonly Dictionary<string, (int Index, CelType Type)> variables = new(StringComparer.Ordinal);
    private readonly Func<string, CelType?>? structs;

    /// <param name="variables">Names (dots are allowed) and types.</param>
    /// <param name="structs">Types of which an expression may make objects, by name; null where there are none.</param>
    public CelEnvironment(IEnumerable<KeyValuePair<string, CelType>> variables, Func<string, CelType?>? structs = null)
    {
        foreach (var (name, type) in variables)
        {
            this.variables.Add(name, (this.variables.Count, type));
        }

        this.structs = structs;
    }

    internal int VariableCount => variables.Count;

    internal FunctionTable Functions { get; } = AllFunctions;

    /// <summary>Places for the variables' values.</summary>
    public CelBindings Bind() => new(this);

    internal int IndexOf(string name) =>
        variables.TryGetValue(name, out var found) ? found.Index : throw new ArgumentException($"no variable {name} is declared", nameof(name));

    internal bool TryVariable(string name, out int index, [NotNullWhen(true)] out CelType? type)
    {
        var known = variables.TryGetValue(name, out var found);
        (index, type) = (found.Index, found.Type);
        return known;
    }

    internal CelType? StructNamed(string name) => structs?.Invoke(name);

    internal static CelType? TypeNamed(string name) => Types.GetValueOrDefault(name);
}
