using System.Globalization;

namespace GrainKube.ApiMachinery.Selectors;

/// <summary>One term of a label selector.</summary>
/// <param name="Key">The label.</param>
/// <param name="Operator">What is asked.</param>
/// <param name="Values">The values, none for existence.</param>
public sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        var present = labels.TryGetValue(Key, out var value);
        return Operator switch
        {
            LabelOperator.In => present && Has(value!),
            LabelOperator.NotIn => !present || !Has(value!),
            LabelOperator.Exists => present,
            LabelOperator.DoesNotExist => !present,
            _ => present && Compares(value!),
        };
    }

    private bool Has(string value)
    {
        foreach (var wanted in Values)
        {
            if (wanted == value)
            {
                return true;
            }
        }

        return false;
    }

    private bool Compares(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        && long.TryParse(Values[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var bound)
        && (Operator == LabelOperator.GreaterThan ? value > bound : value < bound);
}
