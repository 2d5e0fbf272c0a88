namespace GrainKube.Controllers.HorizontalPodAutoscaling;

/// <summary>How far a ratio may be from 1 without anything being done.</summary>
internal readonly record struct Tolerance(double Down, double Up)
{
    /// <summary>Upstream's default: a tenth either way.</summary>
    public static readonly Tolerance Default = new(0.1, 0.1);

    public bool Covers(double ratio) => ratio >= 1 - Down && ratio <= 1 + Up;
}
