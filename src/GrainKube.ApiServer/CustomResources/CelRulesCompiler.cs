using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Cel.Rules;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Schemas.Values;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiServer.CustomResources;

/// <summary>Rules of custom resources are CEL.</summary>
internal sealed class CelRulesCompiler : IValueRulesCompiler
{
    public IValueRules? Compile(JsonObject schema, bool isWhole)
    {
        try
        {
            return CelRules.Of(schema, isWhole);
        }
        catch (CelCompileException wrong)
        {
            return new Broken(wrong.Message);
        }
    }

    /// <summary>A rule that was stored before it was known to be wrong: nothing passes it, and who writes is told why.</summary>
    private sealed class Broken(string message) : IValueRules
    {
        public void Check(JsonNode value, JsonNode? old, FieldErrors at) => at.Invalid("object", $"rule compile error: {message}");
    }
}
