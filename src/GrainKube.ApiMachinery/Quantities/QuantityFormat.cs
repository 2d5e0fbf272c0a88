namespace GrainKube.ApiMachinery.Quantities;

/// <summary>Which family of suffixes a quantity is written with.</summary>
public enum QuantityFormat
{
    /// <summary><c>n u m k M G T P E</c>.</summary>
    DecimalSI,

    /// <summary><c>Ki Mi Gi Ti Pi Ei</c>.</summary>
    BinarySI,

    /// <summary><c>e3</c>, <c>e-6</c>.</summary>
    DecimalExponent,
}
