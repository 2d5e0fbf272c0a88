using System.Text.Json.Nodes;
using GrainKube.ApiMachinery.Validation;

namespace GrainKube.ApiMachinery.Schemas.Values;

/// <summary>The rules (<c>x-kubernetes-validations</c>) of one place in a schema.</summary>
public interface IValueRules
{
    /// <summary>Asked for every value at that place, after types, ranges and formats of the whole object were found right.</summary>
    /// <param name="value">The value.</param>
    /// <param name="old">What stood at the same place before, or null where nothing did or nobody can tell.</param>
    /// <param name="at">Where the value stands; problems go there.</param>
    void Check(JsonNode value, JsonNode? old, FieldErrors at);
}
