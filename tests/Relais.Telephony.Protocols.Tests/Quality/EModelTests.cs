using CsCheck;
using Relais.Telephony.Protocols.Quality;

namespace Relais.Telephony.Protocols.Tests.Quality;

public sealed class EModelTests
{
    [Theory]
    [InlineData(100, 0, LossRobustness.G711Concealed, 4.36)]
    [InlineData(150, 1, LossRobustness.G711Concealed, 4.23)]
    [InlineData(150, 1, LossRobustness.G711, 3.67)]
    [InlineData(150, 3, LossRobustness.G711Concealed, 4.00)]
    [InlineData(250, 5, LossRobustness.G711Concealed, 3.28)]
    public void Scores_are_those_of_the_published_model(int delay, double loss, LossRobustness robustness, double score) =>
        Assert.Equal(score, EModel.Score(EModel.Rating(TimeSpan.FromMilliseconds(delay), loss, robustness)), 0.005);

    [Fact]
    public void More_delay_or_loss_never_sounds_better_and_a_score_stays_on_its_scale() =>
        Gen.Select(Gen.Double[0, 2000], Gen.Double[0, 99], Gen.Double[0, 500], Gen.Double[0, 1]).Sample((delay, loss, more, part) =>
        {
            var here = Score(delay, loss);
            return here is >= 1 and <= 4.5 && Score(delay + more, loss) <= here && Score(delay, loss + (part * (100 - loss))) <= here;
        });

    private static double Score(double milliseconds, double loss) => EModel.Score(EModel.Rating(TimeSpan.FromMilliseconds(milliseconds), loss));
}
