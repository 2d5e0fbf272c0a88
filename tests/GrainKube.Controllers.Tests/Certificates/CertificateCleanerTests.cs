using GrainKube.Controllers.Certificates;
using k8s.Models;
using Xunit;

namespace GrainKube.Controllers.Tests.Certificates;

public sealed class CertificateCleanerTests
{
    private static readonly DateTimeOffset Made = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_nobody_decides_goes_after_a_day() => Assert.Equal(Made.AddHours(24), CertificateCleaner.End(With(), Made));

    [Theory]
    [InlineData("Denied")]
    [InlineData("Failed")]
    public void What_is_settled_goes_after_an_hour(string type) => Assert.Equal(Made.AddHours(1), CertificateCleaner.End(With(type), Made));

    [Fact]
    public void What_waits_for_its_signer_stays() => Assert.Null(CertificateCleaner.End(With("Approved"), Made));

    private static V1CertificateSigningRequest With(params string[] types) => new()
    {
        Status = new V1CertificateSigningRequestStatus
        {
            Conditions = [.. types.Select(t => new V1CertificateSigningRequestCondition { Type = t, Status = "True", LastUpdateTime = Made.UtcDateTime })],
        },
    };
}
