using GrainKube.ApiMachinery.Cel;
using GrainKube.ApiMachinery.Cel.Policies;
using GrainKube.ApiMachinery.Cel.Syntax;
using GrainKube.ApiMachinery.Validation;
using k8s.Models;

namespace GrainKube.Resources.AdmissionRegistration.Policies;

/// <summary>Compiles the expressions of a policy as they will be compiled when it is asked. What objects look like is not known here.</summary>
internal sealed class PolicyExpressions(bool hasParameters, bool patches)
{
    private readonly Dictionary<string, CelType> variables = new(StringComparer.Ordinal);

    /// <summary>Checks the policy's variables; each knows those before it, and the other expressions know them all.</summary>
    public void Declare(IEnumerable<V1Variable> declared, FieldErrors errors)
    {
        var index = 0;
        foreach (var variable in declared)
        {
            var place = errors.At(index++);
            if (string.IsNullOrEmpty(variable.Name))
            {
                place.At("name").Required("name is not specified");
            }
            else if (NameRules.CIdentifier(variable.Name).Count > 0)
            {
                place.At("name").Invalid(variable.Name, "name is not a valid CEL identifier");
            }
            else if (variables.ContainsKey(variable.Name))
            {
                place.At("name").Duplicate(variable.Name);
            }

            var type = Check(variable.Expression, place.At("expression"));
            if (!string.IsNullOrEmpty(variable.Name))
            {
                variables[variable.Name] = type ?? CelType.Dyn;
            }
        }
    }

    /// <summary>Reports what is wrong with an expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="errors">Its place.</param>
    /// <param name="allowed">The types that it may have; any where none is given.</param>
    /// <returns>Its type, or null where it has none.</returns>
    public CelType? Check(string? text, FieldErrors errors, params IReadOnlyList<CelType> allowed)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Required("expression is not specified");
            return null;
        }

        try
        {
            var type = CelProgram.Compile(text, PolicyTypes.Environment(CelType.Dyn, hasParameters ? CelType.Dyn : null, new Dictionary<string, CelType>(variables), patches)).Type;
            if (allowed.Count > 0 && !allowed.Any(type.Is))
            {
                errors.Invalid(text, allowed.Count == 1 ? $"must evaluate to {allowed[0]} but got {type}" : $"must evaluate to one of [{string.Join(" ", allowed.Select(t => t.Name))}] but got {type}");
            }

            return type;
        }
        catch (CelCompileException wrong)
        {
            errors.Invalid(text, $"compilation failed: {wrong.Message}");
            return null;
        }
    }
}
