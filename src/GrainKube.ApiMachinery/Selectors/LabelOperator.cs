namespace GrainKube.ApiMachinery.Selectors;

/// <summary>What a requirement asks of one label.</summary>
public enum LabelOperator
{
    /// <summary>Present, with one of the values (<c>=</c> and <c>==</c> are this with one value).</summary>
    In,

    /// <summary>Absent, or present with none of the values (also <c>!=</c>).</summary>
    NotIn,
    Exists,
    DoesNotExist,

    /// <summary>Present, an integer, and greater than the one value.</summary>
    GreaterThan,

    /// <summary>Present, an integer, and less than the one value.</summary>
    LessThan,
}
