using CsCheck;
using GrainKube.ApiServer.FlowControl;
using Xunit;

namespace GrainKube.ApiServer.Tests.FlowControl;

public sealed class SeatLendingTests
{
    [Fact]
    public void Seats_go_where_they_are_needed_and_never_beyond_the_bounds() =>
        Gen.Select(Gen.Int[1, 50], Gen.Int[0, 100], Gen.Int[0, 400], (nominal, lendable, demand) => (nominal, lendable, demand)).Array[1, 10].Sample(levels =>
        {
            var total = levels.Sum(l => l.nominal);
            var borrowers = levels.Select(l =>
            {
                var lowest = l.nominal - Math.Round(l.nominal * l.lendable / 100.0);
                return new Borrower(Math.Max(lowest, l.demand), lowest, total);
            }).ToArray();
            var seats = SeatLending.Divide(total, borrowers);
            return Math.Abs(seats.Sum() - total) < 0.01 && seats.Zip(borrowers).All(s => s.First >= s.Second.Lowest - 0.001 && s.First <= s.Second.Highest + 0.001);
        });

    [Fact]
    public void Who_needs_nothing_lends_what_it_may()
    {
        var seats = SeatLending.Divide(100, [new Borrower(10, 10, 100), new Borrower(200, 25, 100)]);
        Assert.Equal([10.0, 90.0], seats.Select(s => Math.Round(s)));
    }
}
