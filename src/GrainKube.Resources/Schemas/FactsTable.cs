using System.Collections.Frozen;
using System.Reflection;

namespace GrainKube.Resources.Schemas;

/// <summary>The embedded <c>Facts/*.facts</c>: what upstream's Go types say and the models of <c>KubernetesClient</c> do not. Read once, when first needed.</summary>
internal static class FactsTable
{
    private const string Folder = "facts/";
    private static readonly Lazy<FrozenDictionary<string, TypeFacts>> Table = new(Read);

    /// <summary>Facts of a model type by its C# name.</summary>
    /// <exception cref="KeyNotFoundException">The table has no line for the type.</exception>
    public static TypeFacts For(Type model) => Table.Value.TryGetValue(model.Name, out var facts)
        ? facts
        : throw new KeyNotFoundException($"no facts about {model.Name}: add a line to Schemas/Facts");

    /// <summary>The C# names of all models in the table, by their OpenAPI definition name.</summary>
    public static IReadOnlyDictionary<string, string> ModelsByDefinition => Models.Value;

    private static readonly Lazy<FrozenDictionary<string, string>> Models =
        new(() => Table.Value.ToFrozenDictionary(t => t.Value.DefinitionName, t => t.Key, StringComparer.Ordinal));

    private static FrozenDictionary<string, TypeFacts> Read()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var types = new Dictionary<string, TypeFacts>(StringComparer.Ordinal);
        foreach (var file in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(file)!);
            var package = reader.ReadLine()!["package ".Length..];
            var version = package[(package.LastIndexOf('.') + 1)..];
            while (reader.ReadLine() is { } line)
            {
                var (model, facts) = Parse(line, package, version);
                types.Add(model, facts);
            }
        }

        return types.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static (string Model, TypeFacts Facts) Parse(string line, string package, string version)
    {
        var words = line.Split(' ');
        var atomic = words.Length > 2 && words[2] == "atomic";
        var fields = words.Skip(atomic ? 3 : 2).Select(FieldFacts.Parse).ToDictionary(f => f.Name, f => f.Facts, StringComparer.Ordinal);
        return (words[0], new TypeFacts($"{package}.{words[1]}", $"{version}.{words[1]}", atomic, fields));
    }
}
