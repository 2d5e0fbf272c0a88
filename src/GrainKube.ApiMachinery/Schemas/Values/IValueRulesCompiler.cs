using System.Text.Json.Nodes;

namespace GrainKube.ApiMachinery.Schemas.Values;

/// <summary>Makes <see cref="IValueRules"/> of schemas. A server without one stores and publishes rules and does not evaluate them.</summary>
public interface IValueRulesCompiler
{
    /// <param name="schema">The node that has <c>x-kubernetes-validations</c>, with all that is below it. Not to be changed.</param>
    /// <param name="isWhole">The node is a whole object with apiVersion, kind and metadata: the root, or an embedded resource.</param>
    /// <returns>Null where there is nothing to check.</returns>
    IValueRules? Compile(JsonObject schema, bool isWhole);
}
